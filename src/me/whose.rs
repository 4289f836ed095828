//! Whether a worker reads about themselves, or somebody else does.

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The worker: "my score".
    Own,
    /// Somebody who looks at the worker: "the score".
    Another,
}

impl Whose {
    /// The words for who reads.
    #[must_use]
    pub fn pick(self, own: &'static str, another: &'static str) -> &'static str {
        match self {
            Self::Own => own,
            Self::Another => another,
        }
    }
}
