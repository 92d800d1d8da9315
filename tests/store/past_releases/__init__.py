"""What each past release said to the database, word for word, and how it is written down for the next one."""
