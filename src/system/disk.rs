//! How much room is left where we write?

use std::path::Path;
use std::process::Command;

/// Below this much room the database may stop.
pub const LEAST_ROOM_MB: u64 = 1024;

/// What POSIX `df` says is available at this folder, in megabytes. Waits for the program: not for an async task.
#[must_use]
pub fn room_mb(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    available_kb(&text).map(|kilobytes| kilobytes / 1024)
}

/// The fourth column of the second line; the device's name may hold spaces, so it is counted from the per cent sign.
fn available_kb(df: &str) -> Option<u64> {
    let words: Vec<&str> = df.lines().nth(1)?.split_whitespace().collect();
    let capacity = words.iter().position(|word| word.ends_with('%'))?;
    words.get(capacity.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_read_from_df_whatever_the_device_is_called() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n//server/my disk 100 60 40 60% /mnt/a b\n";
        assert_eq!(available_kb(df), Some(40));
        assert_eq!(available_kb(""), None);
    }
}
