//! The one binary: `muster serve | demo | migrate | import | …`.

fn main() {}
