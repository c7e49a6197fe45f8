//! A file on its way to being imported.

use crate::coded;

coded! {
    /// How far it is.
    pub enum UploadState {
        Reading = "reading", "Being read";
        /// How it is to be read can be said now.
        Read = "read", "Waiting for its columns";
        Refused = "refused", "Not taken";
        Checking = "checking", "Being checked";
        /// The preview is there.
        Checked = "checked", "Waiting to be confirmed";
        Importing = "importing", "Being taken in";
        Imported = "imported", "Taken in";
    }
}

impl UploadState {
    /// Something is being done to it, or was when the service stopped.
    pub fn is_busy(self) -> bool {
        matches!(self, UploadState::Reading | UploadState::Checking | UploadState::Importing)
    }
}
