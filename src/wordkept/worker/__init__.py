"""Worker: what is owed each day, planned, approved and done; probes."""
