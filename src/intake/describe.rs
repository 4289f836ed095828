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

#[cfg(test)]
mod tests {
    use super::*;
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
