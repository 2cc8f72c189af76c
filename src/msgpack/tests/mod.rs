//! Claims about MessagePack as its bytes stand.

mod extent;
mod head;
mod values;
