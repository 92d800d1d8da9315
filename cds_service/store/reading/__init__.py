"""What reports and traces read, added up by the database."""
