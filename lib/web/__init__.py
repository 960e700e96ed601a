"""The edge to HTTP: methods, doors, parameters, answers and errors."""
