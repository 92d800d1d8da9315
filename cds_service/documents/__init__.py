"""Files of TOML that people write, read key by key: every mistake is kept, with the line it stands on.

Not for: what any one file may hold, which is for whoever reads it.
"""
