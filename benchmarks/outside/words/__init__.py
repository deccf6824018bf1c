"""Word lists and grammars: what people, programs and models say in the made-up town."""
