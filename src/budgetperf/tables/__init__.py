"""Every table declared once, and what is done with tables as such: typing, validating, recording, writing, loading."""
