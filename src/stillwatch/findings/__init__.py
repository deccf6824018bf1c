"""What we tell: evidence fused, explanations ranked, findings and look-alikes assembled."""
