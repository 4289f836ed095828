//! What a person needs in order to write a file: the header row of a table, and what each column means.

use super::table::Table;

/// The header row of a table's file.
#[must_use]
pub fn template(table: Table) -> String {
    table.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(",") + "\n"
}

/// What a table's file holds, column by column, for a person.
#[must_use]
pub fn describe(table: Table) -> String {
    let width = table.columns().iter().map(|column| column.name.len()).max().unwrap_or(0);
    let mut text = format!("{table}: {}\n", table.doc());
    text +=
        &format!("A row is told from others by {}; the same again corrects it.\n\n", table.natural_key().join(", "));
    for column in table.columns() {
        let need = if column.required { "required" } else { "optional" };
        text += &format!("  {:width$}  {need}  {} [{}]\n", column.name, column.doc, column.kind.expects());
    }
    text
}

/// The documentation of every table, as Markdown: `docs/import.md`.
#[must_use]
pub fn handbook() -> String {
    let mut text = String::from(PREFACE);
    for table in Table::ALL {
        text += &format!("\n## {table}\n\n{} Natural key: {}.\n\n", table.doc(), table.natural_key().join(", "));
        text += "| column | needed | meaning | value |\n|---|---|---|---|\n";
        for column in table.columns() {
            let need = if column.required { "yes" } else { "" };
            text += &format!("| {} | {need} | {} | {} |\n", column.name, column.doc, column.kind.expects());
        }
    }
    text
}

const PREFACE: &str = "# Files that `muster import` takes

CSV in UTF-8, separated by commas, with a header row; columns in any order. The table is told from the file name
(`work_orders.csv`, `work_orders-2015.csv`) or by `--table`. `muster import --template TABLE` prints a header row.

- **Natural key**: the columns that tell a row from every other one. A row whose key is there already corrects that
  row; one that says nothing new is counted as the same. A key twice in one file: the second row is rejected.
- **References** (`site`, `worker`, `shift` …) name the natural key of a row imported before. Of a folder the files
  are taken in the order of this page, which is the order in which they refer to one another.
- **Optional columns** may be left out: what is stored stays as it is. An empty field empties it.
- **Times** have an offset (`2025-12-31T18:00:00+02:00`, `…Z`) or none, and then they are what the site's clock
  showed. A time that the change of clocks skipped or repeated is taken and reported.
- **Absurd dates** (before 1990, or more than three years ahead; for hire and expiry dates wider) are rejected.
- **Rejected rows** go to `FILE.rejected.csv` with two more columns, `line` and `reason`. Put them right in that file
  and import it: the two columns are ignored. What a spreadsheet would run as a formula has an apostrophe before it
  there, which is taken away again.
- **Odd rows** (closed before opened, no deadline …) are taken, reported, and kept in `import_findings`.
- Each file is one transaction: it lands whole, rejected rows aside, or not at all.
- Exit code 0: everything was taken; 1: some rows were rejected; 2: a file was refused.
";

#[cfg(test)]
mod tests {
    use super::*;

    /// `MUSTER_WRITE_DOCS=1 cargo test --features server handbook` writes it anew.
    #[test]
    fn the_handbook_in_docs_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/import.md");
        if std::env::var_os("MUSTER_WRITE_DOCS").is_some() {
            std::fs::write(path, handbook()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), handbook(), "see the comment on this test");
    }

    use crate::intake::check_file;

    #[test]
    fn every_template_is_a_header_its_own_table_takes() {
        for table in Table::ALL {
            let template = template(table);
            check_file(table, template.as_bytes()).unwrap();
            assert!(describe(table).contains(table.columns()[0].doc));
        }
    }
}
