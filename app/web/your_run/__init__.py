"""The page that reads a log in the browser."""
