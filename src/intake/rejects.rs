//! The rows that could not be taken, as a CSV file a person can put right and import again.

use std::io::Write;

use super::value::is_formula;
use crate::{Error, Result};

/// Writes rejected rows; writes nothing, not even a header, while there are none.
pub(super) struct Rejects {
    out: Option<csv::Writer<Box<dyn Write + Send>>>,
    began: bool,
}

impl std::fmt::Debug for Rejects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejects").field("began", &self.began).finish_non_exhaustive()
    }
}

impl Rejects {
    pub fn to(out: Option<Box<dyn Write + Send>>) -> Self {
        Self { out: out.map(csv::Writer::from_writer), began: false }
    }

    /// Writes one row: its fields in the order of `names`, then the line and the reasons.
    pub fn row<'a>(
        &mut self,
        names: &[String],
        fields: impl Iterator<Item = &'a [u8]>,
        line: u64,
        reasons: &[String],
    ) -> Result<()> {
        let Some(out) = &mut self.out else { return Ok(()) };
        let failed = |error: csv::Error| Error::io("writing the rejects file")(error.into());
        if !self.began {
            self.began = true;
            for name in names.iter().map(String::as_str).chain(["line", "reason"]) {
                out.write_field(name).map_err(failed)?;
            }
            out.write_record(None::<&[u8]>).map_err(failed)?;
        }
        let mut written = 0;
        for field in fields.take(names.len()) {
            out.write_field(harmless(field)).map_err(failed)?;
            written += 1;
        }
        for _ in written..names.len() {
            out.write_field("").map_err(failed)?;
        }
        out.write_field(line.to_string()).map_err(failed)?;
        out.write_field(harmless(reasons.join("; ").as_bytes())).map_err(failed)?;
        out.write_record(None::<&[u8]>).map_err(failed)
    }

    pub fn finish(mut self) -> Result<()> {
        self.out.as_mut().map_or(Ok(()), csv::Writer::flush).map_err(Error::io("writing the rejects file"))
    }
}

/// Valid UTF-8 that a spreadsheet shows instead of running.
fn harmless(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    if is_formula(text.trim_start_matches(' ')) { format!("'{text}") } else { text.into_owned() }
}

/// Undoes what [`harmless`] did, for a rejects file that is tried again.
pub(super) fn unguarded(field: &[u8]) -> &[u8] {
    match field {
        [b'\'', rest @ ..] if std::str::from_utf8(rest).is_ok_and(|text| is_formula(text.trim_start_matches(' '))) => {
            rest
        }
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_shown_not_run_and_come_back_as_they_were() {
        for (field, shown) in
            [("=cmd()", "'=cmd()"), (" @x", "' @x"), ("-26.2", "-26.2"), ("plain", "plain"), ("'quoted'", "'quoted'")]
        {
            assert_eq!(harmless(field.as_bytes()), shown);
            assert_eq!(unguarded(shown.as_bytes()), field.as_bytes());
        }
    }
}
