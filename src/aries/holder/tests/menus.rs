//! Choosing from a menu.

use super::{World, settle};
use crate::aries::{
    didcomm::Message,
    protocol::action_menu::{self, Menu, MenuOption},
};

fn menu() -> Message {
    let option = |name: &str| MenuOption {
        name: name.to_owned(),
        title: String::new(),
        description: String::new(),
        form: None,
    };
    let options = vec![option("yes"), option("no")];
    Menu { title: "Sure?".to_owned(), description: String::new(), options }.message()
}

#[tokio::test(start_paused = true)]
async fn a_choice_is_performed_on_the_menus_thread() {
    let (world, ids) = World::posted(1).await;
    let menu = menu();
    world.fake.say(0, &menu);
    world.holder.choose(&ids[0], "no").await.unwrap();
    settle().await;
    let performed = world.fake.heard("perform");
    assert_eq!(performed.len(), 1);
    assert_eq!(action_menu::performed(&performed[0]).unwrap(), "no");
    assert_eq!(performed[0].thread_id(), menu.id);
}

#[tokio::test(start_paused = true)]
async fn an_option_that_is_not_there_is_an_error_that_names_those_that_are() {
    let (world, ids) = World::posted(1).await;
    world.fake.say(0, &menu());
    let error = world.holder.choose(&ids[0], "maybe").await.unwrap_err();
    assert_eq!(error.kind(), "wrong message");
    insta::assert_snapshot!(
        error,
        @"a https://didcomm.org/action-menu/1.0/menu that has no option `maybe`; it has `yes`, `no`"
    );
    assert!(world.fake.heard("perform").is_empty());
}
