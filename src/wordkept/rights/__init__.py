"""Rights: the desk at which people ask for what is theirs by right, and are answered."""
