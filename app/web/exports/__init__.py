"""Exports by address: what a query asks for, the jobs that compute it, and the files as responses."""
