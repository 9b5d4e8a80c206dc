import { ApiError } from '../api/api-error';
import { problemText } from '../common/problem';
import { usePageTexts, useTexts } from '../texts/texts';
import { passwordTexts } from './texts';

/** What is wrong, in the language of the page for the errors that people meet here. */
export function usePasswordProblem(): (error: Error) => string {
  const texts = useTexts();
  const { problems } = usePageTexts(passwordTexts);
  return (error) => {
    const code = error instanceof ApiError ? (error.status === 429 ? 'too_many_requests' : error.code) : '';
    return code in problems ? problems[code as keyof typeof problems] : problemText(error, texts);
  };
}
