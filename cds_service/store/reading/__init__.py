"""What reports and traces read, added up by the database; and what was in force when."""
