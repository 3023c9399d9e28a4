"""Room 3: what people use: the browser app and the command line."""
