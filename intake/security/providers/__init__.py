"""Key providers: the ways to keep root keys. Each is a small class; `table` names them all."""
