"""Files that people attach: kept once by their content, handed out only through the loaders of what they hang on."""
