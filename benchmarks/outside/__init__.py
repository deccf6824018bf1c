"""Traffic of a made-up lab, written by somebody who has not seen the product's own simulator or detectors."""
