//! Writing SVG by hand: escaping, and numbers without needless digits.

use std::fmt::Write;

/// Text made safe between tags and in quoted attributes; characters that XML forbids become a replacement character.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with at most two decimals. By integers, because drawings are made of thousands of them.
pub(super) fn n(value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let (whole, rest) = (hundredths / 100, (hundredths % 100).abs());
    let sign = if hundredths < 0 && whole == 0 { "-" } else { "" };
    match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Shortened with an ellipsis to so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// An SVG text element.
pub(super) fn text(out: &mut String, class: &str, attributes: &str, content: &str) {
    let _ = write!(out, r#"<text class="{class}" {attributes}>{}</text>"#, escape(content));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_has_no_needless_digits() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.001, "0"),
            (12.5, "12.5"),
            (-0.25, "-0.25"),
            (3.149, "3.15"),
            (100.0, "100"),
            (7.05, "7.05"),
        ] {
            assert_eq!(n(value), expected);
        }
    }
}
