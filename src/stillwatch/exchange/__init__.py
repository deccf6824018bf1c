"""With whom we share: STIX objects, keys, signed bundles and feeds."""
