"""Reading of users' files: bytes → text or cells → a table → typed columns → problems."""
