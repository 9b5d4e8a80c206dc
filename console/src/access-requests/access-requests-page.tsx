import { Box, Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { PageHead } from '../common/page-head';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { PersonCell } from '../people/person-cell';
import { usePageTexts, useRecentTimes, useTexts } from '../texts/texts';
import { RequestedAccess, RequestState, useRequestWords } from './request-facts';
import { ReviewDialog } from './review-dialog';
import { accessRequestTexts } from './texts';
import { type AccessRequest, useAccessRequests } from './use-access-requests';

/** Access that members ask for, for those who decide. */
export function AccessRequestsPage() {
  const texts = usePageTexts(accessRequestTexts);
  const [search, setSearch] = useSearchParams(); // a reload keeps the choice
  const list = search.get('show') === 'all' ? 'all' : 'toDecide';
  const requests = useAccessRequests(list);
  const [reviewed, setReviewed] = useState<AccessRequest | null>(null);
  const columns = useColumns(setReviewed);
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={
          <NativeSelect
            label={texts.show}
            data={[
              { value: 'toDecide', label: texts.toDecide },
              { value: 'all', label: texts.all },
            ]}
            value={list}
            onChange={({ currentTarget: { value } }) =>
              setSearch(value === 'all' ? { show: value } : {}, { replace: true })
            }
          />
        }
      />
      <Loaded query={requests}>
        {(rows) => (
          <SimpleTable
            caption={texts.title}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            emptyText={`${list === 'all' ? texts.none : texts.nothingToDecide} ${texts.howToAllow}`}
          />
        )}
      </Loaded>
      <MoreButton list={requests} />
      {reviewed && <ReviewDialog request={reviewed} onClose={() => setReviewed(null)} />}
    </Stack>
  );
}

function useColumns(onReview: (request: AccessRequest) => void): SimpleColumn<AccessRequest>[] {
  const { common } = useTexts();
  const texts = usePageTexts(accessRequestTexts);
  const time = useRecentTimes();
  const { personOf } = useRequestWords();
  const person = ({ requester, created_at: asked }: AccessRequest) => (
    <>
      <PersonCell name={requester.full_name} email={requester.email} />
      <Text size="xs" c="dimmed">
        {texts.askedOn(time(asked))}
      </Text>
    </>
  );
  const review = (request: AccessRequest) =>
    request.can_decide && (
      <Button
        size="compact-sm"
        aria-label={texts.reviewOf(personOf(request.requester))}
        onClick={() => onReview(request)}
      >
        {texts.review}
      </Button>
    );
  return [
    {
      label: texts.person,
      visibleFrom: 'sm',
      cell: person,
    },
    {
      label: texts.what,
      cell: (request) => (
        <>
          <Box hiddenFrom="sm" mb="xs">
            {person(request)}
          </Box>
          <RequestedAccess request={request} />
          <Box hiddenFrom="sm" mt="xs">
            <RequestState request={request} />
          </Box>
        </>
      ),
    },
    {
      label: texts.state,
      visibleFrom: 'sm',
      width: '22%',
      cell: (request) => <RequestState request={request} />,
    },
    {
      label: common.actionsColumn,
      isUnseen: true,
      width: 104,
      cell: review,
    },
  ];
}
