//! How does a report become a PDF? Typst sets a fixed template that reads the report as data: nothing that a user typed is
//! ever markup. It sees two fonts and that data; no file, no network, no package.

use std::sync::LazyLock;
use std::time::Instant;

use chrono::{DateTime, Datelike, Timelike, Utc};
use tokio::sync::Semaphore;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::document::Document;
use crate::{Error, Result};

const TEMPLATE: &str = include_str!("template.typ");
const FONTS: [&[u8]; 2] = [include_bytes!("fonts/OpenSans-Regular.ttf"), include_bytes!("fonts/OpenSans-Semibold.ttf")];

/// Reports set at once: each keeps a core busy, and pages must go on being served.
const AT_ONCE: usize = 2;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// What every report shares.
static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
}

impl Desk {
    fn new() -> Self {
        let fonts: Vec<Font> = FONTS.into_iter().flat_map(|font| Font::iter(Bytes::new(font))).collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("/template.typ"), TEMPLATE.to_owned()),
            data: file("/report.json"),
        }
    }
}

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a path of ours");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// All that Typst can reach while it sets one report.
struct Sight {
    report: Bytes,
}

impl World for Sight {
    fn library(&self) -> &LazyHash<Library> {
        &DESK.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &DESK.book
    }

    fn main(&self) -> FileId {
        DESK.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == DESK.template.id() { Ok(DESK.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == DESK.data { Ok(self.report.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        DESK.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A typeset report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Whether it is PDF/UA-1, else merely tagged: where a name is written in a script that our fonts lack.
    pub accessible: bool,
}

fn failed(causes: EcoVec<SourceDiagnostic>) -> Error {
    let said: Vec<&str> = causes.iter().map(|cause| cause.message.as_str()).collect();
    Error::Misconfigured(format!("the report cannot be typeset: {}", said.join("; ")))
}

fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let small = |part: u32| u8::try_from(part).ok();
    let (month, day) = (small(at.month())?, small(at.day())?);
    let (hour, minute, second) = (small(at.hour())?, small(at.minute())?, small(at.second())?);
    Datetime::from_ymd_hms(at.year(), month, day, hour, minute, second).map(Timestamp::new_utc)
}

/// Typesets a report: A4, tagged, as PDF/UA-1 where every letter is in our fonts. The same report gives the same bytes.
/// Some hundred milliseconds of pure reckoning: from async code call [`set`].
///
/// # Errors
/// [`Error::Misconfigured`] where template and report do not fit, which a test would show.
pub fn typeset(report: &Document) -> Result<Pdf> {
    let world = Sight { report: Bytes::new(serde_json::to_vec(report)?) };
    let pages = typst::compile(&world).output.map_err(failed)?;
    let options = |standards: PdfStandards| PdfOptions {
        ident: Smart::Custom(format!("{} {} {}", report.title, report.organization, report.period)),
        creator: Smart::Custom(Some("Muster".into())),
        timestamp: timestamp(report.generated_at),
        standards,
        ..PdfOptions::default()
    };
    let accessible = PdfStandards::new(&[PdfStandard::Ua_1]).unwrap_or_default();
    // Letters of a script that our fonts lack break that standard: then a tagged PDF has to do.
    let (bytes, accessible) = match typst_pdf::pdf(&pages, &options(accessible)) {
        Ok(bytes) => (bytes, true),
        Err(causes) => {
            let cause = causes.first().map(|cause| cause.message.to_string()).unwrap_or_default();
            tracing::warn!(cause, "a report is no PDF/UA-1");
            (typst_pdf::pdf(&pages, &options(PdfStandards::default())).map_err(failed)?, false)
        }
    };
    let pages = pages.pages().len();
    // What Typst remembers of one organization's report is of no use to another's.
    typst::comemo::evict(0);
    Ok(Pdf { bytes, pages, accessible })
}

/// [`typeset`] beside the threads that serve pages, two at once; one more waits.
///
/// # Errors
/// As [`typeset`].
pub async fn set(report: Document) -> Result<Pdf> {
    let closed = |_| Error::Misconfigured("reports are not set any more".into());
    let _place = PLACES.acquire().await.map_err(closed)?;
    let started = Instant::now();
    let title = report.title.clone();
    let setting = tokio::task::spawn_blocking(move || typeset(&report));
    let pdf = setting.await.map_err(|error| Error::io("typesetting a report")(std::io::Error::other(error)))??;
    let (milliseconds, kilobytes) = (started.elapsed().as_millis(), pdf.bytes.len() / 1024);
    tracing::info!(title, milliseconds, kilobytes, pages = pdf.pages, "report typeset");
    Ok(pdf)
}
