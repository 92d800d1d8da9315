"""What belongs to one house: its site file, read and checked whole at start, and what of it each call goes by.

Not for: what belongs to one client (the issuers file) or to the process (environment variables); a limit or a meaning
of ours, which no site can change.
"""
