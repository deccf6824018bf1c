"""Who acts together: key burst, linking, communities, cluster judgement."""
