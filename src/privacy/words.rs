//! The words a person is found by, as one regular expression of Postgres.

/// Shorter words are part of too many others.
const SHORTEST: usize = 3;

/// A case-insensitive expression that matches any of these words where they stand alone, in plain text and in JSON;
/// `None` when there is none long enough to look for.
pub(super) fn pattern(words: &[String]) -> Option<String> {
    let mut forms: Vec<String> = words
        .iter()
        .map(|word| word.trim())
        .filter(|word| word.chars().count() >= SHORTEST)
        .flat_map(|word| [literal(word), literal(&in_json(word))])
        .collect();
    // The longest first: 'UG1@x.test' before 'UG1'.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    (!forms.is_empty()).then(|| format!("(?<!\\w)(?:{})(?!\\w)", forms.join("|")))
}

/// As it stands inside a JSON text.
fn in_json(word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The word itself, whatever signs are in it; any run of spaces matches any other.
fn literal(word: &str) -> String {
    let mut form = String::new();
    let mut space = false;
    for letter in word.chars() {
        if letter.is_whitespace() {
            if !space {
                form.push_str("\\s+");
            }
            space = true;
            continue;
        }
        space = false;
        if !letter.is_alphanumeric() && letter != '_' {
            form.push('\\');
        }
        form.push(letter);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_in_a_name_are_only_signs() {
        let words = ["Ana (A.) O'Neil".to_owned(), "ug1".to_owned(), "x".to_owned()];
        let expected = r"(?<!\w)(?:Ana\s+\(A\.\)\s+O\'Neil|ug1)(?!\w)";
        assert_eq!(pattern(&words).as_deref(), Some(expected));
    }

    #[test]
    fn a_name_with_a_quote_is_found_in_json_too() {
        let words = [r#"Ana "Kit" May"#.to_owned()];
        let expected = r#"(?<!\w)(?:Ana\s+\\\"Kit\\\"\s+May|Ana\s+\"Kit\"\s+May)(?!\w)"#;
        assert_eq!(pattern(&words).as_deref(), Some(expected));
    }

    #[test]
    fn what_is_too_short_is_not_looked_for() {
        assert_eq!(pattern(&["Al".to_owned(), String::new()]), None);
    }
}
