"""Where the words of a world come from: a grammar that ships with the program, or a corpus of real prompts."""
