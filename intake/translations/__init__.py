"""What the pages say in other languages, and the program that gathers the texts to translate."""
