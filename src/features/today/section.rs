//! Which sections Today has, in the order of what needs doing.

use crate::coded;

coded! {
    pub enum Section {
        Overdue = "overdue", "Time limits overdue";
        Due = "due", "Due today and tomorrow";
        New = "new", "New from the hub, not yet rung";
        Tasks = "tasks", "Tasks due";
        Visits = "visits", "Visits this week";
        InTouch = "in-touch", "Keeping in touch";
        Unassigned = "unassigned", "Unassigned";
    }
}
