"""What models said: samples of a suspect and of control models on the same prompts, and how they were drawn."""

from stillwatch.outputs.reading import read_outputs
from stillwatch.outputs.samples import LeftOut, Samples

__all__ = ["LeftOut", "Samples", "read_outputs"]
