//! The header row: is this file what it says it is? Checked before a row is read.

use super::column::Column;
use super::table::Table;
use super::value::quoted;
use crate::{Error, Result};

/// The columns that a rejects file has besides those of its table.
const OF_REJECTS: [&str; 2] = ["line", "reason"];

/// Which field of a row belongs to which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// For each column of the table: its field, if the file has it.
    pub fields: Vec<Option<usize>>,
    /// The names in the file.
    pub names: Vec<String>,
    /// A rejects file that was put right and is tried again.
    pub is_rejects: bool,
}

impl Header {
    /// The positions and names of the columns that belong to the table.
    pub fn kept(&self) -> impl Iterator<Item = (usize, &str)> {
        let mine = |name: &str| !(self.is_rejects && OF_REJECTS.contains(&name));
        self.names.iter().map(String::as_str).enumerate().filter(move |(_, name)| mine(name))
    }
}

/// Reads the header row of a file for `table`, or says which columns are unknown, missing or there twice.
pub(super) fn read(table: Table, fields: &[&[u8]]) -> Result<Header> {
    if fields.iter().any(|field| field.contains(&0)) {
        return Err(refusal(table, "it looks like UTF-16; save it as CSV UTF-8"));
    }
    let mut names = Vec::with_capacity(fields.len());
    for field in fields {
        let name = std::str::from_utf8(field).map_err(|_| refusal(table, "its header row is not valid UTF-8"))?;
        names.push(name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase());
    }
    refuse_other_separators(table, &names)?;
    if names.iter().any(|name| name.contains('\r')) {
        return Err(refusal(table, "its lines do not end as they should; save it as CSV UTF-8"));
    }
    if names.iter().all(String::is_empty) {
        return Err(refusal(table, "it is empty; its first row must name the columns"));
    }
    let is_rejects = OF_REJECTS.iter().all(|extra| names.iter().any(|name| name == extra));
    let columns = table.columns();
    let place = |column: &Column| names.iter().position(|name| name == column.name);
    let known =
        |name: &str| columns.iter().any(|column| column.name == name) || is_rejects && OF_REJECTS.contains(&name);
    let mut wrong = Vec::new();
    for (position, name) in names.iter().enumerate() {
        if names[..position].contains(name) {
            wrong.push(format!("column {} is there twice", quoted(name)));
        } else if !known(name) {
            wrong.push(unknown(columns, name));
        }
    }
    let missing = columns.iter().filter(|column| column.required && place(column).is_none());
    wrong.extend(missing.map(|column| format!("column '{}' is missing", column.name)));
    if !wrong.is_empty() {
        return Err(refusal(table, &wrong.join("; ")));
    }
    Ok(Header { fields: columns.iter().map(place).collect(), names, is_rejects })
}

fn refuse_other_separators(table: Table, names: &[String]) -> Result<()> {
    let [only] = names else { return Ok(()) };
    for (separator, word) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
        if only.contains(separator) {
            return Err(refusal(table, &format!("its columns are separated by {word}; save it separated by commas")));
        }
    }
    Ok(())
}

fn unknown(columns: &[Column], name: &str) -> String {
    let nearest = columns.iter().map(|column| (distance(column.name, name), column.name)).min();
    match nearest {
        _ if name.is_empty() => "a column has no name".into(),
        Some((steps, meant))
            if steps * 2 <= meant.len().max(name.len()) || meant.contains(name) || name.contains(meant) =>
        {
            format!("column {} is not known (did you mean '{meant}'?)", quoted(name))
        }
        _ => format!("column {} is not known", quoted(name)),
    }
}

fn refusal(table: Table, what: &str) -> Error {
    let names = |required: bool| {
        let names: Vec<&str> = table.columns().iter().filter(|c| c.required == required).map(|c| c.name).collect();
        if names.is_empty() { "none".into() } else { names.join(", ") }
    };
    Error::Invalid(format!(
        "this file cannot be taken as {table}: {what}. Needed: {}. Optional: {}.",
        names(true),
        names(false)
    ))
}

/// How many letters must be changed, added or left out to make one of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Vec<&[u8]> {
        line.split(',').map(str::as_bytes).collect()
    }

    #[track_caller]
    fn refused(line: &str, words: &[&str]) {
        let text = read(Table::Clients, &fields(line)).expect_err(line).to_string();
        for word in words {
            assert!(text.contains(word), "{text:?} does not say {word:?}");
        }
    }

    #[test]
    fn columns_may_come_in_any_order_and_case() {
        let header = read(Table::Clients, &fields(" Name ,CODE")).unwrap();
        assert_eq!(header.fields, [Some(1), Some(0)]);
        assert_eq!(read(Table::Clients, &fields("\u{feff}code,name")).unwrap().fields, [Some(0), Some(1)]);
    }

    #[test]
    fn wrong_headers_are_refused_with_what_is_expected() {
        refused("code", &["column 'name' is missing", "Needed: code, name", "Optional: none"]);
        refused("code,nmae", &["'nmae' is not known (did you mean 'name'?)", "column 'name' is missing"]);
        refused("code,name,colour", &["column 'colour' is not known."]);
        refused("code,name,code", &["column 'code' is there twice"]);
        refused("code,name,", &["a column has no name"]);
        refused("", &["it is empty"]);
        refused("code;name", &["separated by semicolons", "separated by commas"]);
        refused("code\tname", &["separated by tabs"]);
        refused("c\0o\0d\0e\0", &["UTF-16"]);
    }

    #[test]
    fn a_rejects_file_can_be_put_right_and_tried_again() {
        let header = read(Table::Clients, &fields("code,name,line,reason")).unwrap();
        assert!(header.is_rejects);
        refused("code,name,line", &["'line' is not known"]);
    }

    #[test]
    fn distance_counts_letters() {
        assert_eq!((distance("name", "nmae"), distance("code", "code"), distance("a", "")), (2, 0, 1));
    }
}
