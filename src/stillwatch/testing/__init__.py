"""Contract checks and builders, public: for our tests and for plug-in authors."""
