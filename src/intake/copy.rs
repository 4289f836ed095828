//! Writes rows in the binary form of Postgres' COPY, which the server takes in without parsing text.

use uuid::Uuid;

/// What a binary COPY begins with.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub(super) const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// A buffer of rows.
#[derive(Debug, Default)]
pub(super) struct CopyBuffer {
    bytes: Vec<u8>,
}

impl CopyBuffer {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What was written from one length to another.
    pub fn part(&self, from: usize, to: usize) -> &[u8] {
        &self.bytes[from..to]
    }

    /// Forgets what was written since the buffer had this length.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn begin_row(&mut self, fields: usize) {
        let fields = i16::try_from(fields).expect("a table has fewer than 32,767 columns");
        self.raw(&fields.to_be_bytes());
    }

    pub fn null(&mut self) {
        self.raw(&(-1_i32).to_be_bytes());
    }

    pub fn text(&mut self, text: &[u8]) {
        let length = i32::try_from(text.len()).expect("a row is limited to some megabytes");
        self.raw(&length.to_be_bytes());
        self.raw(text);
    }

    pub fn int4(&mut self, value: i32) {
        self.text(&value.to_be_bytes());
    }

    pub fn int8(&mut self, value: i64) {
        self.text(&value.to_be_bytes());
    }

    pub fn float8(&mut self, value: f64) {
        self.text(&value.to_be_bytes());
    }

    pub fn bool(&mut self, value: bool) {
        self.text(&[u8::from(value)]);
    }

    pub fn uuid(&mut self, value: Uuid) {
        self.text(value.as_bytes());
    }

    /// Writes an `int4` over the one whose field begins at `at`.
    pub fn patch_int4(&mut self, at: usize, value: i32) {
        self.bytes[at + 4..at + 8].copy_from_slice(&value.to_be_bytes());
    }
}
