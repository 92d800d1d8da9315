"""The rules' own pages: what each decides, by which limits, on what evidence."""
