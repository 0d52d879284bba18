"""Web: the doors that speak HTTP."""
