"""The commands with their arguments. Each does its work in a module of its own, loaded when it is run."""
