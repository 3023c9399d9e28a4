"""Files for briefings: result in, bytes out. Nothing here knows the browser app."""
