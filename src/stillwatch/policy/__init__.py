"""Where the line is: what customers declared, known harnesses, and text that is public anyway."""
