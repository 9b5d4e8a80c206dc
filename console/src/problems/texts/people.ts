import type { ProblemTexts } from './by-code';

/** Members and invitations. */
export const peopleProblems = {
  member_not_found: {
    en: 'This person is not a member any more. Reload the page.',
    de: 'Diese Person ist kein Mitglied mehr. Laden Sie die Seite neu.',
  },
  already_in_workspace: {
    en: 'They are in the workspace already.',
    de: 'Die Person ist schon im Workspace.',
  },
  already_invited_or_member: {
    en: 'They are a member of the organization already, or have an invitation.',
    de: 'Die Person ist schon Mitglied der Organisation oder hat eine Einladung.',
    saysMore: true,
  },
  chosen_ids_taken: {
    en: 'Some of these people cannot get the requested id.',
    de: 'Einige dieser Personen können die gewünschte Kennung nicht bekommen.',
    saysMore: true,
  },
  only_admins_manage_sessions: {
    en: 'Only an admin of the organization sees and ends the sessions of others.',
    de: 'Nur ein Admin der Organisation sieht und beendet die Sitzungen anderer.',
  },
  sessions_are_shared: {
    en: 'They also belong to another organization of which you are not an admin, so only they can end their sessions, on the page “Your sessions”. If you remove them here, they lose their access to this organization at once.',
    de: 'Die Person gehört auch zu einer anderen Organisation, in der Sie kein Admin sind. Daher kann nur sie selbst ihre Sitzungen beenden, auf der Seite „Ihre Sitzungen“. Wenn Sie sie hier entfernen, verliert sie den Zugang zu dieser Organisation sofort.',
  },
  last_admin_required: {
    en: 'An organization needs at least one active admin whose role has no end. Make somebody else an admin first.',
    de: 'Eine Organisation braucht mindestens einen aktiven Admin, dessen Rolle kein Ende hat. Machen Sie zuerst jemand anderen zum Admin.',
    help: 'administrators',
  },
  only_admins_manage_admins: {
    en: 'Only an admin of the organization can change the role of another admin or remove them.',
    de: 'Nur ein Admin der Organisation kann die Rolle eines anderen Admins ändern oder ihn entfernen.',
    help: 'operators',
  },
  operator_cannot_change_role: {
    en: 'You may manage users and viewers of the organization only. An admin of the organization can do this.',
    de: 'Sie dürfen nur Organization Users und Organization Viewers verwalten. Ein Admin der Organisation kann das tun.',
    help: 'operators',
  },
  role_is_provisioned: {
    en: 'This role comes from a group of the identity provider. Change the members of the group there.',
    de: 'Diese Rolle kommt von einer Gruppe des Identity-Providers. Ändern Sie dort die Mitglieder der Gruppe.',
    help: 'scimRoles',
  },
  access_end_managed_by_provider: {
    en: 'The identity provider gives this access, so it cannot have an end here. Take it away there instead.',
    de: 'Diesen Zugang gibt der Identity-Provider, deshalb kann er hier kein Ende haben. Entziehen Sie ihn dort.',
    help: 'peopleOfScim',
  },
  own_access_end: {
    en: 'Your own access has an end. You cannot extend it or give yourself anything that lasts longer. Ask somebody else who manages people here.',
    de: 'Ihr eigener Zugang hat ein Ende. Sie können ihn nicht verlängern und sich nichts geben, was länger gilt. Bitten Sie jemand anderen, der hier Personen verwaltet.',
    help: 'ownEnd',
  },
  synchronized_member: {
    en: 'The identity provider has put this person into the group. Change it there.',
    de: 'Der Identity-Provider hat diese Person in die Gruppe aufgenommen. Ändern Sie es dort.',
    help: 'groupSynchronization',
  },
  invitation_not_found: {
    en: 'There is no such invitation any more.',
    de: 'Diese Einladung gibt es nicht mehr.',
  },
  invitation_expired: {
    en: 'The invitation has expired. Ask an admin of the organization to send it again.',
    de: 'Die Einladung ist abgelaufen. Bitten Sie einen Admin der Organisation, sie erneut zu senden.',
  },
  invited_access_ended: {
    en: 'The access that this invitation offers has ended. Change its end, or invite the person again.',
    de: 'Der Zugang, den diese Einladung anbietet, ist abgelaufen. Ändern Sie das Ende, oder laden Sie die Person erneut ein.',
    help: 'accessEnds',
  },
  invitation_exceeds_rights: {
    en: 'This invitation gives more than you may give. An admin of the organization can send it again or revoke it.',
    de: 'Diese Einladung gibt mehr, als Sie geben dürfen. Ein Admin der Organisation kann sie erneut senden oder widerrufen.',
    saysMore: true,
    help: 'noEscalation',
  },
  operator_cannot_change_invitation: {
    en: 'You may manage invitations of users and viewers of the organization only. An admin of the organization can do this.',
    de: 'Sie dürfen nur Einladungen von Organization Users und Organization Viewers verwalten. Ein Admin der Organisation kann das tun.',
    help: 'operators',
  },
  new_people_not_allowed: {
    en: 'You may add people of the organization, but not invite new ones. An admin of the organization can.',
    de: 'Sie dürfen Personen der Organisation hinzufügen, aber keine neuen einladen. Ein Admin der Organisation darf das.',
    saysMore: true,
    help: 'invitations',
  },
  invites_disabled: {
    en: 'The organization has switched invitations off. An admin of the organization can switch them on.',
    de: 'Die Organisation hat Einladungen ausgeschaltet. Ein Admin der Organisation kann sie einschalten.',
    help: 'invitations',
  },
  invites_forbidden: {
    en: 'You may not invite some of these people. No person was added.',
    de: 'Sie dürfen einige dieser Personen nicht einladen. Es wurde niemand hinzugefügt.',
  },
  invite_targets_not_found: {
    en: 'Some of these roles or workspaces do not exist any more. No person was added; reload the page.',
    de: 'Einige dieser Rollen oder Workspaces gibt es nicht mehr. Es wurde niemand hinzugefügt; laden Sie die Seite neu.',
  },
  seat_limit_reached: {
    en: 'All seats of the organization are taken. Revoke an invitation, remove a member, or ask the operator of this installation for more seats.',
    de: 'Alle Plätze der Organisation sind belegt. Widerrufen Sie eine Einladung, entfernen Sie ein Mitglied, oder bitten Sie den Betreiber dieser Installation um mehr Plätze.',
    saysMore: true,
    help: 'seats',
  },
  only_admins_see_who_waits: {
    en: 'Only an admin of the organization can see who waits for a link, or whose mail was refused.',
    de: 'Nur ein Admin der Organisation kann sehen, wer auf einen Link wartet oder wessen E-Mail abgelehnt wurde.',
  },
} satisfies ProblemTexts;
