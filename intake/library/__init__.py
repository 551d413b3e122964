"""What we teach: exercises and handouts as data, with a reader."""
