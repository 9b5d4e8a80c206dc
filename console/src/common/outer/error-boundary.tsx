import { Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { consoleUrl } from '../../page/page-settings';
import { useTexts } from '../../texts/texts';
import { PageHead } from '../page-head';
import { isMissingPart, reloadOnce } from './missing-part';
import { OuterPage } from './outer-page';

type Props = {
  /** Whether it stands beside the menu, which stays. */
  isPart?: boolean;
  children: ReactNode;
};

/** Shows an error page in place of a page that fails, until the reader goes to another page. */
export const ErrorBoundary = (props: Props) => <Boundary path={useLocation().pathname} {...props} />;

type State = { error: Error | null };

class Boundary extends Component<Props & { path: string }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  /** Compares with the state before, since a page can fail in the update that changes the path. */
  override componentDidUpdate({ path }: { path: string }, { error }: State): void {
    if (path !== this.props.path && error) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { isPart = false, children } = this.props;
    if (!error) return children;
    return isMissingPart(error) ? <MissingPart isPart={isPart} /> : <FailedPage isPart={isPart} />;
  }
}

type FailureProps = { isPart: boolean };

/** Comes back by itself when the server answers again. */
function MissingPart(props: FailureProps) {
  const { common, failure } = useTexts();
  const [isTrying, setTrying] = useState(true);
  useEffect(() => {
    const leaving = new AbortController();
    void reloadOnce(leaving.signal).then(() => setTrying(false));
    return () => leaving.abort();
  }, []);
  return <ErrorPage text={isTrying ? common.noResponse : failure.missingPart} {...props} />;
}

const FailedPage = (props: FailureProps) => <ErrorPage text={useTexts().failure.text} {...props} />;

function ErrorPage({ text, isPart }: FailureProps & { text: string }) {
  const { common, failure } = useTexts();
  const content = (
    <>
      <Text size="sm" role="alert">
        {text}
      </Text>
      <Button onClick={() => location.reload()}>{failure.reload}</Button>
      {!isPart && (
        <Button component="a" href={consoleUrl.href} variant="default">
          {common.toStart}
        </Button>
      )}
    </>
  );
  if (!isPart) return <OuterPage title={failure.title}>{content}</OuterPage>;
  return (
    <Stack align="flex-start" maw={480}>
      <PageHead title={failure.title} />
      {content}
    </Stack>
  );
}
