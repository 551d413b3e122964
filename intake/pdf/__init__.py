"""What we print: plain data in, bytes out."""
