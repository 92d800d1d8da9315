"""What the service keeps: issued cards, calls in numbers, feedback, used tokens; on SQLite or PostgreSQL.

Not for: anything of a patient, ever.
"""
