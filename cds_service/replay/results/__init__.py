"""What a replay came to: its files, figures and page, a sample to review, the difference of two runs."""
