//! Settings, from the environment or `muster.toml`, checked at start with all errors at once.
